"""Workers' areas: about so many households each, whole streets, on one side of the railway, with little change."""
