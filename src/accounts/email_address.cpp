#include "accounts/email_address.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace movio::accounts {
namespace {

using CodePoints = std::u32string;
using CodePointView = std::u32string_view;

constexpr std::size_t kLabelMax = 63;

// nullopt where this is no UTF-8.
std::optional<CodePoints> code_points(std::string_view text) {
    if (!is_valid_utf8(text)) return std::nullopt;
    CodePoints out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += byte;
        else if (byte >= 0xf0)
            out += byte & 0x07U;
        else if (byte >= 0xe0)
            out += byte & 0x0fU;
        else if (byte >= 0xc0)
            out += byte & 0x1fU;
        else
            out.back() = (out.back() << 6) | (byte & 0x3fU);
    }
    return out;
}

// The four letters beyond ASCII that the original's regular expressions take for one of it when they ignore case.
char32_t plain(char32_t c) {
    if (c == U'\u212a') return U'k';
    if (c == U'\u017f') return U's';
    if (c == U'\u0130' || c == U'\u0131') return U'i';
    return c;
}

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_idn_letter(char32_t c) { return is_letter(c) || (c >= 0xa1 && c <= 0xffff); }

bool is_atom_character(char32_t c) {
    return is_letter(plain(c)) || is_digit(c) || CodePointView(U"-!#$%&'*+/=?^_`{}|~").contains(c);
}

bool is_dot_atom(CodePointView text) {
    bool after_dot = true;
    for (const auto c : text) {
        if (c == U'.' ? after_dot : !is_atom_character(c)) return false;
        after_dot = c == U'.';
    }
    return !after_dot;
}

bool is_quoted_character(char32_t c) {
    return (c >= 0x01 && c <= 0x08) || c == 0x0b || c == 0x0c || (c >= 0x0e && c <= 0x1f) || c == U'!' ||
           (c >= U'#' && c <= U'[') || (c >= U']' && c <= 0x7f);
}

bool is_quoted_pair_character(char32_t c) {
    return (c >= 0x01 && c <= 0x09) || c == 0x0b || c == 0x0c || (c >= 0x0e && c <= 0x7f);
}

bool is_quoted_string(CodePointView text) {
    if (text.size() < 2 || text.front() != U'"' || text.back() != U'"') return false;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_quoted_character(plain(text[i]))) continue;
        if (text[i] != U'\\' || i + 1 == text.size() || !is_quoted_pair_character(plain(text[i + 1]))) return false;
        ++i;
    }
    return true;
}

bool is_label(CodePointView text) {
    if (text.empty() || text.size() > kLabelMax || text.front() == U'-' || text.back() == U'-') return false;
    return std::ranges::all_of(text, [](char32_t c) { return is_idn_letter(c) || is_digit(c) || c == U'-'; });
}

bool is_top_level(CodePointView text) {
    if (!is_label(text) || text.size() < 2) return false;
    if (std::ranges::none_of(text, is_digit)) return true;
    const auto punycode = text.substr(std::min<std::size_t>(text.size(), 4));
    const auto prefix = text.substr(0, 4);
    return (prefix[0] == U'x' || prefix[0] == U'X') && prefix.size() == 4 && (prefix[1] == U'n' || prefix[1] == U'N') &&
           prefix.substr(2) == U"--" && !punycode.empty() &&
           std::ranges::all_of(punycode, [](char32_t c) { return is_letter(plain(c)) || is_digit(c); });
}

bool is_domain(CodePointView text) {
    bool first = true;
    for (auto dot = text.find(U'.'); dot != CodePointView::npos; dot = text.find(U'.')) {
        if (!is_label(text.substr(0, dot))) return false;
        text = text.substr(dot + 1);
        first = false;
    }
    return !first && is_top_level(text);
}

bool is_address_literal(CodePointView text) {
    if (text.size() < 3 || text.front() != U'[' || text.back() != U']') return false;
    std::string address;
    for (const auto c : text.substr(1, text.size() - 2)) {
        if (c > 0x7f || c == 0) return false;
        address += static_cast<char>(c);
    }
    in6_addr parsed{};
    return inet_pton(AF_INET, address.c_str(), &parsed) == 1 || inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

}  // namespace

bool is_email_address(std::string_view text) {
    const auto points = code_points(text);
    if (!points || points->size() > limits::kEmailCharactersMax) return false;
    const CodePointView all = *points;
    const auto at = all.rfind(U'@');
    if (at == CodePointView::npos) return false;
    const auto local = all.substr(0, at);
    const auto domain = all.substr(at + 1);
    if (!is_dot_atom(local) && !is_quoted_string(local)) return false;
    return domain == U"localhost" || is_domain(domain) || is_address_literal(domain);
}

std::string email_key(std::string_view text) {
    const auto points = code_points(text);
    if (!points) return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (const auto point : *points) {
        const auto folded = u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT);
        std::array<char, U8_MAX_LENGTH> bytes{};
        std::size_t length = 0;
        U8_APPEND_UNSAFE(bytes, length, folded);
        out.append(bytes.data(), length);
    }
    return out;
}

}  // namespace movio::accounts
