const knex = require('./src/db');

knex.select('title').from('books').then(console.log);
