module libmpass/benches

go 1.24

require github.com/pquerna/otp v1.5.0

require github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
