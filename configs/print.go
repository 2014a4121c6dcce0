package configs

import (
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Hidden stands for a secret in what Print writes.
const Hidden = "***"

// Print writes c as YAML that Load can read, with every password and credential
// replaced by Hidden.
func Print(w io.Writer, c Config) error {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, l := range leaves(&c) {
		section := root
		path := strings.Split(l.Name, ".")
		for _, name := range path[:len(path)-1] {
			section = child(section, name)
		}
		value := new(yaml.Node)
		if err := value.Encode(printable(l)); err != nil {
			return err
		}
		section.Content = append(section.Content, scalar(path[len(path)-1]), value)
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return err
	}
	return encoder.Close()
}

// child returns the section of that name, made where there is none.
func child(section *yaml.Node, name string) *yaml.Node {
	for i := 0; i < len(section.Content); i += 2 {
		if section.Content[i].Value == name {
			return section.Content[i+1]
		}
	}
	made := &yaml.Node{Kind: yaml.MappingNode}
	section.Content = append(section.Content, scalar(name), made)
	return made
}

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: text}
}

// printable returns a key's value as a file would have it, without secrets.
func printable(l leaf) any {
	switch v := l.value.Interface().(type) {
	case time.Duration:
		return shortDuration(v)
	case string:
		switch {
		case !l.Secret || v == "":
			return v
		case l.url:
			return hidePassword(v)
		default:
			return Hidden
		}
	case []ICEServer:
		servers := slices.Clone(v)
		for i := range servers {
			if servers[i].Credential != "" {
				servers[i].Credential = Hidden
			}
		}
		return servers
	default:
		return v
	}
}

// hidePassword hides the password of a URL, in its user part or in its query;
// what is neither a URL nor a file's path is hidden altogether.
func hidePassword(dsn string) string {
	if strings.HasPrefix(dsn, "sqlite:") {
		return dsn
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return Hidden
	}
	query := u.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "password") {
			query.Set(name, Hidden)
		}
	}
	u.RawQuery = query.Encode()
	if _, set := u.User.Password(); set {
		u.User = url.UserPassword(u.User.Username(), Hidden)
	}
	return strings.ReplaceAll(u.String(), url.QueryEscape(Hidden), Hidden)
}
