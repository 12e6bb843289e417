"""What became of the contract: what differs between two, how much of that a reader feels, and what a reader needs."""
