"""Pictures of a person's taste, drawn in a process of their own."""
