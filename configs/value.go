package configs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What each type of key takes, as told to whoever wrote something else.
var (
	errText     = errors.New("want text")
	errBool     = errors.New("want true or false")
	errInt      = errors.New("want a whole number")
	errDuration = errors.New("want a duration such as 25s, 500ms or 2m")
	errList     = errors.New("want a list of texts, or one text with commas")
	errICE      = errors.New("want a list of {urls: [...], username, credential}, in the environment as JSON")
)

// convert turns what a layer holds for a key (text, or what YAML made of it)
// into the type of like, or tells what was expected.
func convert(raw, like any) (any, error) {
	text, isText := raw.(string)
	switch like.(type) {
	case string:
		if !isText {
			return nil, errText
		}
		return text, nil
	case bool:
		return toBool(raw, text)
	case int:
		return toInt(raw, text)
	case time.Duration:
		return toDuration(raw, text)
	case []string:
		return toList(raw)
	case []ICEServer:
		return toICEServers(raw)
	default:
		return nil, fmt.Errorf("no conversion to %T", like)
	}
}

func toBool(raw any, text string) (bool, error) {
	if b, ok := raw.(bool); ok {
		return b, nil
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, errBool
	}
	return b, nil
}

func toInt(raw any, text string) (int, error) {
	if n, ok := raw.(int); ok {
		return n, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errInt
	}
	return n, nil
}

func toDuration(raw any, text string) (time.Duration, error) {
	if raw == 0 { // nothing is nothing in any unit; other bare numbers have none
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errDuration
	}
	return d, nil
}

func toList(raw any) ([]string, error) {
	list := []string{}
	switch v := raw.(type) {
	case string:
		for item := range strings.SplitSeq(v, ",") {
			if item = strings.TrimSpace(item); item != "" {
				list = append(list, item)
			}
		}
	case []any:
		for _, item := range v {
			text, ok := item.(string)
			if !ok || text == "" {
				return nil, errList
			}
			list = append(list, text)
		}
	default:
		return nil, errList
	}
	return list, nil
}

func toICEServers(raw any) ([]ICEServer, error) {
	if text, ok := raw.(string); ok {
		if strings.TrimSpace(text) == "" {
			return []ICEServer{}, nil
		}
		if err := json.Unmarshal([]byte(text), &raw); err != nil {
			return nil, errICE
		}
	}
	list, ok := raw.([]any)
	if !ok {
		return nil, errICE
	}
	servers := make([]ICEServer, len(list))
	for i, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, errICE
		}
		if err := servers[i].set(fields); err != nil {
			return nil, err
		}
	}
	return servers, nil
}

// set fills in one server; `urls` may be one text or a list, as in the browser's
// RTCIceServer.
func (s *ICEServer) set(fields map[string]any) error {
	for name, value := range fields {
		var err error
		var isText bool
		switch name {
		case "urls":
			s.URLs, err = toList(value)
			isText = true
		case "username":
			s.Username, isText = value.(string)
		case "credential":
			s.Credential, isText = value.(string)
		default:
			return fmt.Errorf("%w; %s is not one of those", errICE, quote(name))
		}
		if err != nil || !isText {
			return errICE
		}
	}
	return nil
}
