"""addrfix turns a messy file of debtors into lawyer letters that arrive."""

__version__ = "0.1.0"
