"""What every test gets: a fresh cache, German templates that may not name unknown variables, the personas."""
