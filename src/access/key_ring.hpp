#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace movio::access {

// A secret by which tokens are signed. `secret` is the bytes themselves.
struct SigningKey {
    std::string id;  // kid
    std::string secret;
    std::int64_t created_us = 0;
};

// The keys of an installation: one signs, the others still verify until the tokens they signed have run out.
// Thread-safe; readers hold a snapshot. At most limits::kSigningKeysMax.
class KeyRing {
public:
    using Keys = std::vector<SigningKey>;  // the first one signs

    explicit KeyRing(Keys keys);

    // From settings: `active` and older ones that still count. Key ids are derived from the secrets, so that every
    // process names them alike. A secret of fewer than 16 bytes is `invalid`.
    static Result<Keys> configured(const std::string& active, const std::vector<std::string>& older);
    // The file's keys; makes the file (mode 0600, durable) with one new key of 32 random bytes when it is not there. A
    // file that others may read is `invalid`, with what to do.
    static Result<Keys> load_or_make(const std::filesystem::path& file);
    // A new first key in the file. Keys that last signed more than `keep_us` ago go: their tokens have all run out.
    // Durable when it returns. One caller at a time.
    static Result<Keys> rotate(const std::filesystem::path& file, std::int64_t keep_us);

    std::shared_ptr<const Keys> keys() const;
    void replace(Keys keys);

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Keys> keys_;
};

}  // namespace movio::access
