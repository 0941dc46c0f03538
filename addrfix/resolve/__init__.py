"""Spans and gazetteer to a place, its repairs and a verdict."""
