"""The candidates of one case to a ranking: factors, weights, learning."""
