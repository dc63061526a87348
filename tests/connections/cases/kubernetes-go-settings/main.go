package main

import (
	"database/sql"

	_ "github.com/lib/pq"
)

func main() {
	cfg := load()
	db, _ := sql.Open("postgres", cfg.DatabaseURL)
	db.SetMaxOpenConns(cfg.PoolSize)
	serve(db)
}
