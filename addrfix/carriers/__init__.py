"""One file per carrier: number formats, result files, status codes."""
