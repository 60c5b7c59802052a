"""What officers see and do, in a real browser on a real server."""
