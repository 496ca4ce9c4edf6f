#include "media/engine/av/sniff.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "media/engine/av/compat.hpp"

namespace movio::media::av {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kProbeBytes = 64U << 10;
constexpr std::array kContainers{"mov"sv, "matroska"sv, "avi"sv, "mpegts"sv, "mpeg"sv, "flv"sv,
                                 "ogg"sv, "asf"sv,      "wav"sv, "mp3"sv,    "aac"sv,  "flac"sv};

std::uint8_t byte_at(std::string_view head, std::size_t at) {
    return at < head.size() ? static_cast<std::uint8_t>(head[at]) : std::uint8_t{0};
}

// Empty where the file is too short for it.
std::string_view letters_at(std::string_view head, std::size_t at, std::size_t count) {
    return at < head.size() ? head.substr(at, count) : std::string_view{};
}

std::unexpected<MediaError> not_media(std::string what) {
    return bad_media(MediaStage::open, ErrorCode::not_media, std::move(what) + " Upload a video or sound file.");
}

// ISO/IEC 14496-12: a box is a 32-bit size and four letters.
bool is_iso_media(std::string_view head) {
    constexpr std::array kBoxes{"ftyp"sv, "moov"sv, "mdat"sv, "free"sv, "skip"sv, "wide"sv,
                                "pnot"sv, "uuid"sv, "moof"sv, "styp"sv, "sidx"sv};
    return head.size() >= 12 && std::ranges::find(kBoxes, letters_at(head, 4, 4)) != kBoxes.end();
}

bool is_still_picture(std::string_view head) {
    if (head.starts_with("\xFF\xD8\xFF"sv) || head.starts_with("\x89PNG"sv) || head.starts_with("GIF8"sv)) return true;
    if (head.starts_with("BM"sv) || head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv)) return true;
    if (head.starts_with("RIFF"sv) && letters_at(head, 8, 4) == "WEBP"sv) return true;
    constexpr std::array kBrands{"heic"sv, "heix"sv, "mif1"sv, "avif"sv};
    return letters_at(head, 4, 4) == "ftyp"sv && std::ranges::find(kBrands, letters_at(head, 8, 4)) != kBrands.end();
}

// A sync byte each 188 bytes; Blu-ray files put four bytes before each packet.
bool is_transport_stream(std::string_view head) {
    for (const auto& [start, stride] : {std::pair{0U, 188U}, std::pair{4U, 192U}, std::pair{0U, 204U}}) {
        bool all = head.size() > start + 4U * stride;
        for (std::size_t at = start; all && at < start + 5U * stride; at += stride) all = byte_at(head, at) == 0x47;
        if (all) return true;
    }
    return false;
}

bool is_adts(std::string_view head) { return byte_at(head, 0) == 0xFF && (byte_at(head, 1) & 0xF6) == 0xF0; }

bool is_mpeg_audio(std::string_view head) {
    const auto second = byte_at(head, 1);
    const auto third = byte_at(head, 2);
    return byte_at(head, 0) == 0xFF && (second & 0xE0) == 0xE0 && (second & 0x18) != 0x08 && (second & 0x06) != 0 &&
           (third & 0xF0) != 0xF0 && (third & 0x0C) != 0x0C;
}

std::optional<std::string_view> sound_container(std::string_view head) {
    if (head.starts_with("fLaC"sv)) return "flac";
    if (is_adts(head)) return "aac";
    if (is_mpeg_audio(head)) return "mp3";
    return std::nullopt;
}

std::optional<std::string_view> known_container(std::string_view head) {
    if (is_iso_media(head)) return "mov";
    if (head.starts_with("\x1A\x45\xDF\xA3"sv)) return "matroska";
    if (head.starts_with("RIFF"sv) && (letters_at(head, 8, 3) == "AVI"sv)) return "avi";
    if ((head.starts_with("RIFF"sv) || head.starts_with("RF64"sv)) && letters_at(head, 8, 4) == "WAVE"sv) return "wav";
    if (head.starts_with("FLV\x01"sv)) return "flv";
    if (head.starts_with("OggS"sv)) return "ogg";
    if (head.starts_with("\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv)) return "asf";
    if (head.starts_with("\0\0\x01\xBA"sv)) return "mpeg";
    if (is_transport_stream(head)) return "mpegts";
    return sound_container(head);
}

bool is_elementary_stream(std::string_view head) {
    if (head.starts_with("\0"sv)) head.remove_prefix(1);
    if (!head.starts_with("\0\0\x01"sv)) return false;
    constexpr std::array<std::uint8_t, 9> kStarts{0x67, 0x27, 0x09, 0x40, 0x42, 0x46, 0xB3, 0xB0, 0xB5};
    return std::ranges::find(kStarts, byte_at(head, 3)) != kStarts.end();
}

bool is_text(std::string_view head) {
    if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv)) return true;
    return std::ranges::all_of(head.substr(0, 512), [](char letter) {
        const auto value = static_cast<unsigned char>(letter);
        return value >= 0x20 || value == '\n' || value == '\r' || value == '\t' || value == '\f';
    });
}

std::unexpected<MediaError> refuse(std::string_view head) {
    if (is_still_picture(head)) return not_media("This file is a picture.");
    if (is_elementary_stream(head)) {
        return not_media(
            "This is a bare picture stream without a container, so it has no clock. Wrap it in MP4 or MKV.");
    }
    if (is_text(head)) {
        auto start = head.substr(head.starts_with("\xEF\xBB\xBF"sv) ? 3 : 0);
        start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
        if (start.starts_with("#EXTM3U") || start.starts_with("ffconcat") || start.starts_with("v=0") ||
            start.starts_with("<MPD") || start.starts_with("<?xml") || start.starts_with("[playlist]")) {
            return not_media(
                "This file is a playlist or description that points to other files; it holds no film itself.");
        }
        return not_media("This file is a text.");
    }
    return not_media("This is not a video or sound file of a kind that Movio knows.");
}

// Files with something before their first real byte: let libav's probes look, and keep to the list.
std::optional<std::string> probe(ByteSource& source) {
    Bytes bytes(kProbeBytes + AVPROBE_PADDING_SIZE);
    const auto got = source.read_at(0, std::span(bytes).first(kProbeBytes));
    if (!got) return std::nullopt;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(*got), bytes.end(), std::byte{0});
    AVProbeData data{};
    data.filename = "";
    data.buf = reinterpret_cast<unsigned char*>(bytes.data());
    data.buf_size = static_cast<int>(*got);
    int score = AVPROBE_SCORE_RETRY;
    const AVInputFormat* format = av_probe_input_format2(&data, 1, &score);
    if (format == nullptr) return std::nullopt;
    for (const auto name : kContainers) {
        if (av_match_name(std::string(name).c_str(), format->name) != 0) return std::string(name);
    }
    return std::nullopt;
}

// Sound behind an ID3v2 tag (id3.org, §3.1): its size is four 7-bit bytes.
MediaResult<std::string> behind_id3(ByteSource& source, std::string_view head) {
    const std::int64_t length = 10 + ((byte_at(head, 6) & 0x7F) << 21) + ((byte_at(head, 7) & 0x7F) << 14) +
                                ((byte_at(head, 8) & 0x7F) << 7) + (byte_at(head, 9) & 0x7F);
    std::array<std::byte, 16> start{};
    const auto got = source.read_at(length, start);
    if (!got) return std::unexpected(got.error());
    return std::string(sound_container(as_text(ByteView(start).first(*got))).value_or("mp3"));
}

}  // namespace

const char* container_whitelist() { return "mov,matroska,avi,mpegts,mpeg,flv,ogg,asf,wav,mp3,aac,flac"; }

MediaResult<std::string> sniff_container(ByteSource& source) {
    Bytes bytes(kHeadBytes);
    const auto got = source.read_at(0, bytes);
    if (!got) return std::unexpected(got.error());
    const auto head = as_text(ByteView(bytes).first(*got));
    if (head.empty()) return not_media("The file is empty.");
    if (is_still_picture(head)) return refuse(head);
    if (head.starts_with("ID3"sv) && head.size() > 10) return behind_id3(source, head);
    if (const auto known = known_container(head)) return std::string(*known);
    if (is_text(head) || is_elementary_stream(head)) return refuse(head);
    if (auto probed = probe(source)) return *std::move(probed);
    return refuse(head);
}

}  // namespace movio::media::av
