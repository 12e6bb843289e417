"""What a link is to its paper: rules that speak (`cues.toml`), and what each is worth (`weights.csv`)."""
