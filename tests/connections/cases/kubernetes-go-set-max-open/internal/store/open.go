package store

import (
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

const maxOpen = 12

// Open connects; db.SetMaxOpenConns(100) was too many.
func Open(url string) (*sqlx.DB, error) {
	db, err := sqlx.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxOpen)
	return db, nil
}
