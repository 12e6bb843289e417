"""What a build would do: all of it but the end, in a folder that is thrown away."""
