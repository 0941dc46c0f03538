"""The nouns. Standard library only; every stage speaks in these."""
