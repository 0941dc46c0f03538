"""Candidates of one case → ranking: factors, weights, learning.

table    what every factor looks at, as columns (`evidence.py`, `past.py`)
factors/ one file per factor: named levels, the first that holds wins
scorer   weights by factor and level, shipped or learnt, and their file
weigh    levels → parts → log-odds → probability
choose   probabilities and rules → one row per case
learn    outcomes → scorer (`design.py`, `newton.py`, `calibrate.py`)
"""
