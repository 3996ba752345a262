"""Research sets: published collections of labelled accounts, each read as it was published."""
