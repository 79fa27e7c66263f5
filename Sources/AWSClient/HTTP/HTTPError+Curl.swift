import CCurl

extension HTTPError.Kind {
    /// What one of libcurl's codes means for us.
    ///
    /// Source: https://curl.se/libcurl/c/libcurl-errors.html
    init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: .unknownHost
            case CURLE_COULDNT_RESOLVE_PROXY: .unknownProxy
            case CURLE_COULDNT_CONNECT, CURLE_PROXY: .couldNotConnect
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SSL_CONNECT_ERROR: .handshakeFailed
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
                .untrusted
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
                .connectionLost
            case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge
            case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .malformedAnswer
            case CURLE_URL_MALFORMAT: .notAllowed
            default: .unusable
            }
    }
}
