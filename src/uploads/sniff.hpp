#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace movio::uploads {

// How much of a file is looked at.
inline constexpr std::size_t kSniffBytes = 4096;

// What a file plainly is that is no video, by its first bytes: "a PDF document", "a picture". nullopt for video and
// sound, and for whatever is in doubt: the worker, which reads all of it in the sandbox, has the last word. `whole`:
// the bytes are all of the file.
std::optional<std::string_view> not_a_video(ByteView head, bool whole);

}  // namespace movio::uploads
