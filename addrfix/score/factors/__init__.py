"""The named factors of a score, one file each."""
