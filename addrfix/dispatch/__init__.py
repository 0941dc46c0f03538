"""Letters to a batch folder: numbers, print files, manifest, verification."""
