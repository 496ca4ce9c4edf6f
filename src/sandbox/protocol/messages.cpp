#include "sandbox/protocol/messages.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace movio::sandbox {
namespace {

constexpr std::size_t kNameBytesMax = 100;     // longest rendition or image name
constexpr std::size_t kMessageBytesMax = 500;  // a sentence or two for people
constexpr std::size_t kDetailBytesMax = 4096;
constexpr std::int64_t kOffsetMax = std::numeric_limits<std::int64_t>::max() / 2;

using media::ArtefactKind;
using media::MediaStage;

template <class Enum>
struct Named {
    Enum value;
    std::string_view text;
};

constexpr std::array kKinds{
    Named{ArtefactKind::index, "index"},
    Named{ArtefactKind::cues, "cues"},
    Named{ArtefactKind::init_segment, "init_segment"},
    Named{ArtefactKind::segment, "segment"},
    Named{ArtefactKind::image, "image"},
    Named{ArtefactKind::plan, "plan"},
    Named{ArtefactKind::figures, "figures"},
};

constexpr std::array kStages{
    Named{MediaStage::open, "open"},       Named{MediaStage::index, "index"},       Named{MediaStage::plan, "plan"},
    Named{MediaStage::decode, "decode"},   Named{MediaStage::filter, "filter"},     Named{MediaStage::encode, "encode"},
    Named{MediaStage::package, "package"}, Named{MediaStage::captions, "captions"},
};

constexpr std::array kSources{
    Named{SourceKind::none, "none"},
    Named{SourceKind::file, "file"},
    Named{SourceKind::window, "window"},
    Named{SourceKind::growing, "growing"},
};

// What media work may end with; anything else a child says is `internal`.
constexpr std::array kErrorCodes{
    ErrorCode::not_media,         ErrorCode::damaged,   ErrorCode::too_large, ErrorCode::too_long,
    ErrorCode::codec_unsupported, ErrorCode::encrypted, ErrorCode::internal,
};

template <class Table, class Enum>
std::string_view text_of(const Table& table, Enum value) {
    return std::ranges::find(table, value, &Named<Enum>::value)->text;
}

template <class Enum, std::size_t Count>
std::optional<Enum> value_of(const std::array<Named<Enum>, Count>& table, std::string_view text) {
    const auto found = std::ranges::find(table, text, &Named<Enum>::text);
    return found == table.end() ? std::nullopt : std::optional(found->value);
}

std::optional<std::int64_t> bounded(const JsonView& object, std::string_view name, std::int64_t low,
                                    std::int64_t high) {
    const auto member = object.find(name);
    const auto number = member ? member->integer() : std::nullopt;
    return number && *number >= low && *number <= high ? number : std::nullopt;
}

std::optional<std::string> bounded_text(const JsonView& object, std::string_view name, std::size_t bytes_max) {
    const auto member = object.find(name);
    const auto text = member ? member->text() : std::nullopt;
    return text && text->size() <= bytes_max ? std::optional(std::string(*text)) : std::nullopt;
}

// A name that becomes part of a key in the store: nothing that could lead out of its folder.
bool is_plain_name(std::string_view name) {
    if (name.empty() || name.size() > kNameBytesMax || name.front() == '.') return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

// For people and the log: control characters could forge lines there.
std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string out = to_valid_utf8(text.substr(0, bytes_max));
    std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return out;
}

void write(JsonWriter& out, const Hello& hello) {
    out.member("type", "hello").member("protocol", hello.protocol).member("seccomp", hello.seccomp);
    out.member("landlock_abi", hello.landlock_abi).member("uid", hello.uid);
}

void write(JsonWriter& out, const ReadRequest& read) {
    out.member("type", "read").member("slot", read.slot).member("offset", read.offset).member("length", read.length);
}

void write(JsonWriter& out, const WaitRequest& wait) { out.member("type", "wait").member("bytes", wait.bytes); }

void write(JsonWriter& out, const Progress& progress) {
    out.member("type", "progress").member("permille", progress.permille);
}

void write(JsonWriter& out, const ArtefactMessage& message) {
    const auto& artefact = message.artefact;
    out.member("type", "artefact")
        .member("kind", text_of(kKinds, artefact.kind))
        .member("rendition", artefact.rendition);
    out.member("number", artefact.number).member("ticks", artefact.ticks).member("damaged", artefact.damaged);
    out.member("bytes", message.bytes);
}

void write(JsonWriter& out, const Done&) { out.member("type", "done"); }

void write(JsonWriter& out, const ErrorMessage& message) {
    const auto& error = message.error;
    out.member("type", "error").member("stage", text_of(kStages, error.stage)).member("code", to_text(error.code));
    out.member("message", printable(error.message, kMessageBytesMax))
        .member("detail", printable(error.detail, kDetailBytesMax));
}

void write(JsonWriter& out, const OrderMessage& order) {
    out.member("type", "order")
        .member("order_bytes", order.order_bytes)
        .member("source", text_of(kSources, order.source));
    out.member("source_bytes", order.source_bytes).member("forbidden_act", order.forbidden_act);
}

void write(JsonWriter& out, const Data& data) {
    out.member("type", "data").member("slot", data.slot).member("length", data.length);
}

void write(JsonWriter& out, const Grown& grown) {
    out.member("type", "grown").member("bytes", grown.bytes).member("complete", grown.complete);
}

void write(JsonWriter& out, const Taken&) { out.member("type", "taken"); }

std::optional<ChildMessage> read_hello(const JsonView& object) {
    const auto protocol = bounded(object, "protocol", 0, 1'000'000);
    const auto abi = bounded(object, "landlock_abi", 0, 1'000);
    const auto uid = bounded(object, "uid", 0, std::numeric_limits<std::uint32_t>::max());
    if (!protocol || !abi || !uid) return std::nullopt;
    return Hello{static_cast<int>(*protocol), object.boolean_or("seccomp", false), static_cast<int>(*abi), *uid};
}

std::optional<ChildMessage> read_read_request(const JsonView& object) {
    const auto slot = bounded(object, "slot", 0, static_cast<std::int64_t>(kWindowSlots) - 1);
    const auto offset = bounded(object, "offset", 0, kOffsetMax);
    const auto length = bounded(object, "length", 1, static_cast<std::int64_t>(kBlockBytes));
    if (!slot || !offset || !length) return std::nullopt;
    return ReadRequest{static_cast<int>(*slot), *offset, *length};
}

std::optional<ChildMessage> read_wait_request(const JsonView& object) {
    const auto bytes = bounded(object, "bytes", 1, kOffsetMax);
    if (!bytes) return std::nullopt;
    return WaitRequest{*bytes};
}

std::optional<ChildMessage> read_progress(const JsonView& object) {
    const auto permille = bounded(object, "permille", 0, 1000);
    if (!permille) return std::nullopt;
    return Progress{static_cast<int>(*permille)};
}

std::optional<ChildMessage> read_artefact(const JsonView& object) {
    const auto kind = value_of(kKinds, object.text_or("kind", ""));
    auto rendition = bounded_text(object, "rendition", kNameBytesMax);
    const auto number = bounded(object, "number", 0, std::numeric_limits<std::int32_t>::max());
    const auto ticks = bounded(object, "ticks", 0, kOffsetMax);
    const auto damaged = bounded(object, "damaged", 0, std::numeric_limits<std::int32_t>::max());
    const auto bytes = bounded(object, "bytes", 1, limits::kSegmentBytesMax);
    if (!kind || !rendition || !number || !ticks || !damaged || !bytes) return std::nullopt;
    if (!rendition->empty() && !is_plain_name(*rendition)) return std::nullopt;
    return ArtefactMessage{{*kind, std::move(*rendition), *number, *ticks, *damaged, {}, {}}, *bytes};
}

std::optional<ChildMessage> read_error(const JsonView& object) {
    const auto stage = value_of(kStages, object.text_or("stage", ""));
    const auto code = bounded_text(object, "code", kNameBytesMax);
    if (!stage || !code) return std::nullopt;
    const auto said = error_code_from_text(*code);
    const bool possible = std::ranges::find(kErrorCodes, said) != kErrorCodes.end();
    media::MediaError error{*stage, possible ? said : ErrorCode::internal, {}, {}};
    error.message = printable(object.text_or("message", ""), kMessageBytesMax);
    error.detail = printable(object.text_or("detail", ""), kDetailBytesMax);
    return ErrorMessage{std::move(error)};
}

std::optional<ParentMessage> read_order(const JsonView& object) {
    const auto bytes = bounded(object, "order_bytes", 1, std::numeric_limits<std::int32_t>::max());
    const auto source = value_of(kSources, object.text_or("source", ""));
    const auto source_bytes = bounded(object, "source_bytes", 0, kOffsetMax);
    if (!bytes || !source || !source_bytes) return std::nullopt;
    return OrderMessage{*bytes, *source, *source_bytes, object.text_or("forbidden_act", "")};
}

std::optional<ParentMessage> read_data(const JsonView& object) {
    const auto slot = bounded(object, "slot", 0, static_cast<std::int64_t>(kWindowSlots) - 1);
    const auto length = bounded(object, "length", 0, static_cast<std::int64_t>(kBlockBytes));
    if (!slot || !length) return std::nullopt;
    return Data{static_cast<int>(*slot), *length};
}

std::optional<ParentMessage> read_grown(const JsonView& object) {
    const auto bytes = bounded(object, "bytes", 0, kOffsetMax);
    if (!bytes) return std::nullopt;
    return Grown{*bytes, object.boolean_or("complete", false)};
}

template <class Message>
std::string write_message(const Message& message) {
    JsonWriter out;
    out.begin_object();
    std::visit([&out](const auto& content) { write(out, content); }, message);
    out.end_object();
    return out.take();
}

std::optional<JsonView> read_object(std::string_view text) {
    auto parsed = JsonView::parse(text);
    return parsed && parsed->is_object() ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

std::string to_json(const ChildMessage& message) { return write_message(message); }
std::string to_json(const ParentMessage& message) { return write_message(message); }

std::optional<ChildMessage> child_message_from_json(std::string_view text) {
    const auto object = read_object(text);
    if (!object) return std::nullopt;
    const std::string type = object->text_or("type", "");
    if (type == "read") return read_read_request(*object);
    if (type == "wait") return read_wait_request(*object);
    if (type == "progress") return read_progress(*object);
    if (type == "artefact") return read_artefact(*object);
    if (type == "done") return Done{};
    if (type == "error") return read_error(*object);
    if (type == "hello") return read_hello(*object);
    return std::nullopt;
}

std::optional<ParentMessage> parent_message_from_json(std::string_view text) {
    const auto object = read_object(text);
    if (!object) return std::nullopt;
    const std::string type = object->text_or("type", "");
    if (type == "data") return read_data(*object);
    if (type == "grown") return read_grown(*object);
    if (type == "taken") return Taken{};
    if (type == "order") return read_order(*object);
    return std::nullopt;
}

}  // namespace movio::sandbox
