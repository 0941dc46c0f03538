"""What `scripts/build_gazetteer.py` is made of: one module per source or per table."""
