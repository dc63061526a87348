package internal

import "database/sql"

func Bound(db *sql.DB) {
	db.SetMaxOpenConns(10)
}
