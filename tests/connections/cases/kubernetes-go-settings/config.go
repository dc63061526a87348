package main

import "os"

type Config struct {
	DatabaseURL string
	PoolSize    int
}

func load() Config {
	return Config{
		DatabaseURL: os.Getenv("DATABASE_URL"),
		PoolSize:    getIntEnv("DB_POOL_SIZE", 50),
	}
}
