"""A ranking and a template to a PDF: fonts, layout, wording."""
