"""Two addresses as read to how they relate: one door, one place, or two.

`addrfix.compare` is the public function; this folder is reached by `from addrfix.compare.… import`.
"""
