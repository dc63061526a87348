module shop.example/shop

go 1.23

require gorm.io/gorm v1.25.12
