import postgres from "postgres";

export const sql = postgres(process.env.DATABASE_URL!, {
  max: Number(process.env.SQL_CLIENTS ?? "20"),
  prepare: false, // behind a pooler it may not
});
