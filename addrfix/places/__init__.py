"""The gazetteer: build, open, look up, import, history."""
