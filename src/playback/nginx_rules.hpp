#pragma once
#include <filesystem>
#include <string>

#include "access/key_ring.hpp"

namespace movio::playback {

// Locations for a server block of nginx by which it serves what is stored of films that are not public, and checks
// their addresses (MacForm::secure_link_md5) by itself: one for each key. All else, also what is signed by a key that
// it was not told of, it asks Movio at `address` ("http://127.0.0.1:8000"). Holds the secrets.
std::string nginx_rules(const access::KeyRing::Keys& keys, const std::filesystem::path& blobs,
                        const std::string& address);

}  // namespace movio::playback
