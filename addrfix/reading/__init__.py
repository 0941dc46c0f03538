"""Raw text to spans: what is written, and which readings it allows."""
