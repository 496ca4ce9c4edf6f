#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "media/format/artefact.hpp"
#include "media/format/media_result.hpp"

namespace movio::sandbox {

// What the two processes say to each other, one JSON text each. Reading is strict: what is not exactly one of these,
// with every number within its bounds, is nullopt, and the parent then kills the child.

inline constexpr int kProtocolVersion = 2;

// Reads by request go through a window of slots, one block each; the child keeps the blocks there as its cache.
inline constexpr std::size_t kBlockBytes = 1U << 20;  // libav reads 32 KiB at a time; a store likes whole megabytes
inline constexpr std::size_t kWindowSlots = 8;        // a file laid out badly has picture and sounds far apart
inline constexpr std::size_t kWindowBytes = kBlockBytes * kWindowSlots;

// Artefacts handed over that the parent has not taken yet: encoding goes on while one is stored, memory stays bounded.
inline constexpr int kArtefactsInFlightMax = 2;

// From the child.

struct Hello {  // the first message; sandboxed from here on
    int protocol = kProtocolVersion;
    bool seccomp = false;
    int landlock_abi = 0;
    std::int64_t uid = 0;
};

struct ReadRequest {
    int slot = 0;
    std::int64_t offset = 0;
    std::int64_t length = 0;  // 1 … kBlockBytes
};

// Of a source that grows: the child reads its file itself, up to where it has been told that bytes are.
struct WaitRequest {
    std::int64_t bytes = 0;  // 1 …: until so many are there, or no more will come
};

struct Progress {
    int permille = 0;
};

struct ArtefactMessage {       // with one sealed memfd
    media::Artefact artefact;  // without its bytes
    std::int64_t bytes = 0;
};

struct Done {};

struct ErrorMessage {
    media::MediaError error;
};

using ChildMessage = std::variant<Hello, ReadRequest, WaitRequest, Progress, ArtefactMessage, Done, ErrorMessage>;

std::string to_json(const ChildMessage& message);
std::optional<ChildMessage> child_message_from_json(std::string_view text);

// From the parent.

enum class SourceKind { none, file, window, growing };  // file and growing: descriptor 4

struct OrderMessage {  // with the order's JSON as a sealed memfd and, for `window`, the window
    std::int64_t order_bytes = 0;
    SourceKind source = SourceKind::none;
    std::int64_t source_bytes = 0;  // growing: expected, 0 where unknown
    std::string forbidden_act;      // self-test: do this one thing and die of it
};

struct Data {
    int slot = 0;
    std::int64_t length = 0;
};

struct Grown {
    std::int64_t bytes = 0;
    bool complete = false;
};

struct Taken {};  // one artefact

using ParentMessage = std::variant<OrderMessage, Data, Grown, Taken>;

std::string to_json(const ParentMessage& message);
std::optional<ParentMessage> parent_message_from_json(std::string_view text);

}  // namespace movio::sandbox
