"""Where every value of a paper came from: dump, line, raw text, steps, rules, and what lost."""
