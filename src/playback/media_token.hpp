#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.hpp"
#include "base/ids.hpp"
#include "catalog/video.hpp"

namespace movio::playback {

// How a pass is signed. `secure_link_md5` is what nginx's secure_link checks alone.
enum class MacForm { hmac_sha256, secure_link_md5 };

// Who may fetch a film's media until when.
struct MediaPass {
    Uuid viewer;                 // a user, or a link for embedding; nil: nobody in particular
    std::int64_t expires_s = 0;  // since 1970
};

// Writes and reads passes as the access part of media addresses: "t-<expiry>-<key id>.<viewer>.<mac>", where the MAC
// covers "<expiry>/<viewer>/media/<video>/". By HMAC-SHA256 of that text, or by MD5 of it, a space and the key in
// base64url (`access::base64url`), which is nginx's way. Thread-safe; the keys outlive it.
class MediaTokens {
public:
    MediaTokens(const access::KeyRing& keys, MacForm form) : keys_(keys), form_(form) {}

    std::string write(VideoId video, const MediaPass& pass) const;
    // nullopt: none that we signed for this film. What has run out is read, too.
    std::optional<MediaPass> read(VideoId video, std::string_view access) const;

private:
    std::string mac(const access::SigningKey& key, std::string_view text) const;

    const access::KeyRing& keys_;
    MacForm form_;
};

// A pass begins a film (its first manifest) until this second and carries on what was begun until it expires: twice the
// film's length later, an hour at least. So no film that was begun in time is cut, and nothing is taken after the
// expiry, which is all that nginx knows of.
std::int64_t begins_until_s(const MediaPass& pass, const catalog::Video& video);
// The expiry of a pass given now that shall begin the film for so long, or up to a quarter longer: in steps, so that
// addresses stay the same for a while.
std::int64_t expiry_s(std::int64_t now_s, std::chrono::seconds begins, const catalog::Video& video);
// The expiry of a pass that begins the film until this second.
std::int64_t expiry_beginning_until(std::int64_t begins_until_s, const catalog::Video& video);
// What no pass of whatever film outlives.
std::chrono::seconds address_life_max(std::chrono::seconds begins);

}  // namespace movio::playback
