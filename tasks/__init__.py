"""What people must do, and by when."""
