import { Sequelize } from 'sequelize';

const POOL_MAX = 9;

export const sequelize = new Sequelize(process.env.DATABASE_URL as string, {
  dialect: 'postgres',
  logging: false,
  pool: { max: POOL_MAX, min: 0, acquire: 30000 },
});
