"""What paperlake costs, measured beside the floor and on data whose truth is known."""
