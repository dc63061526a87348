"""Makes what stands in schemas/ from the packages that publish it."""
