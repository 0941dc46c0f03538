"""Events to outcomes, figures and the report."""
