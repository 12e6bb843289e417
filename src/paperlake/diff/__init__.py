"""What differs between two releases of a store, and why."""
