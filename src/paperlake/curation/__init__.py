"""What people wrote beside the dumps: notes, corrections of known bad values, names of repositories that moved."""
