"""What `scripts/mutants.py` is made of: the changes, and the runs of the tests on them."""
