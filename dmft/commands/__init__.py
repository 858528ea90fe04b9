"""The subcommands: each file adds its arguments and makes one call of a public function."""
