#pragma once
#include <cstdint>
#include <string>
#include <string_view>

// How passwords are kept. Every call but the cheap questions costs tens of milliseconds and megabytes: see
// PasswordWorker. Thread-safe.
namespace movio::accounts {

// What a new hash costs (Argon2id, RFC 9106; one lane).
struct PasswordCost {
    std::int64_t memory_bytes = 64LL << 20;
    int passes = 2;  // 53 ms on one core of 2020
};

// "$argon2id$v=19$m=65536,t=2,p=1$<salt>$<digest>" of a fresh salt. Throws Failure where memory is missing.
std::string hash_password(std::string_view password, const PasswordCost& cost = {});

// Whether this is the password of the stored hash: one of ours, or Django's argon2$argon2id$v=19$…,
// argon2$argon2i$v=19$… and pbkdf2_sha256$iterations$salt$digest. Unknown formats, and costs beyond base/limits.hpp,
// are of no password. Throws Failure where memory is missing.
bool verify_password(std::string_view password, std::string_view stored);

// A hash of no password that costs as much to verify as one that `cost` makes.
std::string decoy_hash(const PasswordCost& cost = {});

// Cheap: whether verify_password could ever say yes; what it needs; whether hash_password would make another hash
// today.
bool is_password_hash(std::string_view stored);
std::int64_t memory_bytes_of(std::string_view stored);
bool needs_rehash(std::string_view stored, const PasswordCost& cost = {});

}  // namespace movio::accounts
