"""A made-up lender: people, where they live over the years, what was typed, and who signs.

Everything is drawn from seeded random numbers. Divisions come from `gazetteer/`, every other name
is put together from the short word list beside this file; people, companies, compounds, phone and
ID numbers belong to nobody.
"""
