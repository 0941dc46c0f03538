"""The users' tables: read, recognise, write."""
